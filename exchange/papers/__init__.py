"""The only room that speaks PDF: a template and its data become a paper. Knows no student."""
