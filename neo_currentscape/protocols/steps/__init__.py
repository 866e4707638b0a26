"""Steps of current: passive properties, spikes, the FI curve and features, of one sweep or of many."""
