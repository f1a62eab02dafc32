"""The rules of the directory: pure, dated, cited."""
