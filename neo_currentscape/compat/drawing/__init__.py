"""What only the pictures of a `currentscape` configuration need: sheets, halves, images, and looks."""
