"""Model neurons that make example recordings: small, published, and integrated right here."""
