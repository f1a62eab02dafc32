"""Documents going out: PDF that one prints, from a template and parts; workbooks of several sheets."""
