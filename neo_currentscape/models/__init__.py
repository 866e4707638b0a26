"""Floor 8: model neurons that make example recordings: small, published, and integrated right here."""
