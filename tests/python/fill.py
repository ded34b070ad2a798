"""Fills in a form as a person with a spreadsheet does: openpyxl opens it, looks at its lists, types, saves.

    fill.py FORM.xlsx OUT.xlsx LINE HEADING VALUE [LINE HEADING VALUE ...]

Prints a line for every list that the first sheet offers: the heading of its column, and what can be chosen.
A value that is a number is typed as one.
"""

import sys

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

book = load_workbook(sys.argv[1])
sheet = book.worksheets[0]
headings = {cell.value: cell.column for cell in sheet[1]}
names = {column: heading for heading, column in headings.items()}
for rule in sheet.data_validations.dataValidation:
    column, row, _, _ = range_boundaries(str(rule.sqref).split()[0])
    offered = []
    if rule.type == "list":
        name, cells = rule.formula1.lstrip("=").split("!")
        lists = book[name.strip("'")]
        offered = [cell.value for line in lists[cells.replace("$", "")] for cell in line]
    print(rule.type, names[column], *offered, sep=" | ")
for line, heading, value in zip(*[iter(sys.argv[3:])] * 3):
    try:
        value = float(value)
    except ValueError:
        pass
    sheet.cell(int(line), headings[heading]).value = value
book.save(sys.argv[2])
