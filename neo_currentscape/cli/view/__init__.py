"""``neo-currentscape view FILE``: a recording in the browser, on this machine only."""
