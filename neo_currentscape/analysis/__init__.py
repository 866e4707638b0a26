"""Floor 6: the `Currentscape` of a Recording, its table and its standard figure."""
