"""The only room that speaks Excel: sheet (what a workbook is), writer, reader, styles."""
