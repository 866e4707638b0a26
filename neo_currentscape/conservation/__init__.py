"""Floor 3: the current balance: is everything there, with the right sign and unit?"""
