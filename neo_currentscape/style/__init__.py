"""Looks: colours and hatches, legends, text sizes, axes. Knows matplotlib, but no panel."""
