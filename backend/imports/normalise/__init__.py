"""One module for each kind of cell: text in, Reading out; none of them raises whatever the text."""
