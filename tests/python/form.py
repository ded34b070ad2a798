"""Hands an XLSForm workbook to pyxform, the standard's own converter, and prints what it makes of it.

    form.py FORM.xlsx

One line a question: its path, type, whether it is required, and its conditions. Warnings follow, each
after the word "warning".
"""

import sys
import xml.etree.ElementTree as ElementTree

from pyxform.xls2xform import convert

result = convert(sys.argv[1])
for element in ElementTree.fromstring(result.xform).iter():
    if element.tag.endswith("}bind") and element.get("type"):
        said = [element.get(name, "") for name in ("nodeset", "type", "required", "relevant", "constraint")]
        print(" | ".join(said))
for warning in result.warnings:
    print("warning", warning)
