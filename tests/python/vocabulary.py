"""Writes an XLSForm workbook in which every type of question that pyxform knows stands once, under every
name that it goes by, and the columns under their older names.

    vocabulary.py FORM.xlsx
"""

import sys

from openpyxl import Workbook
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

book = Workbook()
survey = book.active
survey.title = "survey"
survey.append(["command", "tag", "caption:Vietnamese", "relevance", "bind::required", "parameters"])
for number, kind in enumerate(sorted(QUESTION_TYPE_DICT)):
    from_list = kind.startswith(("select", "add select", "q select", "rank"))
    words = kind + " trinh_do" if from_list else kind
    parameters = "start=1 end=9 step=1" if kind == "range" else None
    survey.append([words, f"cau_{number}", f"Câu thứ {number}?", None, None, parameters])
for words in ("select_one trinh_do or_other", "select one from trinh_do"):
    survey.append([words, f"cau_{words.count('_')}_cuoi", "Câu cuối ${cau_1}?", "${cau_1} = 1", "yes", None])
choices = book.create_sheet("choices and columns")
choices.append(["list name", "value", "caption:Vietnamese"])
for value, label in (("thap", "Thấp"), ("vua", "Vừa"), ("cao", "Cao")):
    choices.append(["trinh_do", value, label])
settings = book.create_sheet("settings")
settings.append(["title", "id_string", "version"])
settings.append(["Phiếu đủ loại", "DU-LOAI", "1"])
book.save(sys.argv[1])
