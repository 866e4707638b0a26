"""Floor 1: looks: colours and hatches, legends, text sizes, axes. Knows matplotlib, but no panel."""
