"""What is wrong with a list, or with a row of it."""

from workflows.catalogue.family import Family
from workflows.words import Text

_B = Family.BAD_INPUT

LISTS: dict[str, tuple[Family, Text]] = {
    "list_unreadable": (
        _B,
        Text(
            "这不是可读的表格文件（CSV 或 XLSX），请另存后再导入。",
            "This is not a readable table (CSV or XLSX); save it again and import it.",
        ),
    ),
    "list_encoding": (
        _B,
        Text(
            "文件既不是UTF-8也不是GB18030编码（第{line}行附近），请另存为UTF-8。",
            "The file is neither UTF-8 nor GB18030 (near line {line}); save it as UTF-8.",
        ),
    ),
    "list_columns": (
        _B,
        Text(
            "第一行应是表头，其中缺少：{names}。如上面有标题行或合并单元格，请先删去。",
            "The first row must be the header, and it lacks: {names}. Remove any title row or merged cells above it.",
        ),
    ),
    "list_column_twice": (
        _B,
        Text(
            "表头里“{names}”出现了两次，请只保留一列。", "The header names “{names}” twice; keep one column."
        ),
    ),
    "list_delimiter": (
        _B,
        Text(
            "列与列之间应用英文逗号分隔，请另存为CSV（逗号分隔）。",
            "The columns must be separated by commas; save it as CSV (comma separated).",
        ),
    ),
    "list_quotes": (
        _B,
        Text(
            "第{line}行起引号没有成对，请检查这一行的引号。",
            "From line {line} on a quotation mark has no partner; look at that line.",
        ),
    ),
    "list_line": (
        _B,
        Text(
            "第{line}行太长，不像名单中的一行，请检查后再导入。",
            "Line {line} is too long to be a row of a list; look at it and import again.",
        ),
    ),
    "list_area": (
        _B,
        Text(
            "表格太大（内容到第{rows}行、第{columns}列），请删去名单以外的内容再导入。",
            "The sheet is too large (it reaches row {rows}, column {columns}); remove what is not part of the list.",
        ),
    ),
    "row_formula": (
        _B,
        Text(
            "“{name}”是公式，不是数值，请选择性粘贴为数值后再导入。",
            "“{name}” is a formula, not a value; paste it as a value and import again.",
        ),
    ),
    "list_empty": (
        _B,
        Text(
            "表格里没有数据行，请在表头下面逐行填写。",
            "The table has no data rows; fill them in below the header.",
        ),
    ),
    "list_long": (
        Family.TOO_LARGE,
        Text(
            "名单超过{most}行，网页上一次最多收{most}行：请分成几份上传，或请管理员在服务器上用 gongjian import 导入。",
            "The list has more than {most} rows, which is all the page takes at once: bring it in parts, or have it taken in on the machine itself by gongjian import.",
        ),
    ),
    "list_gone": (
        Family.CONFLICT,
        Text(
            "这份名单已经放弃，或上传超过一天没有确认，内容已删除：请重新上传。",
            "This list was dropped, or was not confirmed within a day, and its content is gone: bring it again.",
        ),
    ),
    "list_taken": (
        Family.CONFLICT,
        Text(
            "这份名单已经确认收入，不能再放弃。",
            "This list has been confirmed and taken in; it can no longer be dropped.",
        ),
    ),
    "row_columns": (
        _B,
        Text(
            "这一行有{found}列，表头有{expected}列：可能是逗号或引号写错。",
            "This row has {found} columns where the header has {expected}: look for a stray comma or quotation mark.",
        ),
    ),
}
