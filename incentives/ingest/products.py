"""A product catalogue: names, series and list prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from incentives.core.activity import Issue
from incentives.core.activity_checks import LARGEST, is_clean
from incentives.ingest.columns import Field, columns_to_use, extra_cells
from incentives.ingest.csv_reading import Table
from incentives.ingest.values import Unclear, amount_of

FIELDS = (
    Field("product", "Product", ("name", "productname"), required=True),
    Field("series", "Series", ("family", "line")),
    Field("sales_price", "List price", ("price", "listprice", "salesprice")),
)


@dataclass(frozen=True, slots=True)
class CatalogueProduct:
    name: str
    series: str
    list_price: Decimal | None


def read_products(
    table: Table, columns: Mapping[str, str] | None = None
) -> tuple[list[CatalogueProduct], list[Issue]]:
    """Every product once, in the order of the file."""
    columns = columns_to_use(table, FIELDS, columns)
    products: dict[str, CatalogueProduct] = {}
    issues: list[Issue] = []
    for row in table.rows:
        if moved := extra_cells(row, len(table.header)):
            issues.extend(moved)
            continue
        values = {name: row.cells[table.column(column)] for name, column in columns.items()}
        try:
            product = _product(values)
            if products.setdefault(product.name, product) != product:
                raise _Wrong("product", "duplicate", "An earlier row says otherwise. Keep one.")
        except _Wrong as wrong:
            column = columns.get(wrong.field, wrong.field)
            value = values.get(wrong.field, "")[:200]
            issues.append(Issue(row.number, column, wrong.code, wrong.message, value))
    return list(products.values()), issues


class _Wrong(Unclear):
    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(code, message)
        self.field = field


def _product(values: Mapping[str, str]) -> CatalogueProduct:
    name, series, price = (values.get(field.name, "") for field in FIELDS)
    if not name:
        raise _Wrong("product", "missing", "Write the name of the product.")
    for field, text in (("product", name), ("series", series)):
        if len(text) > 120 or not is_clean(text):
            raise _Wrong(field, "unclean", "Write at most 120 characters that can be seen.")
    try:
        list_price = amount_of(price) if price else None
    except Unclear as error:
        raise _Wrong("sales_price", error.code, error.message) from error
    if list_price is not None and list_price >= LARGEST:
        raise _Wrong("sales_price", "too_large", "The price is too large.")
    return CatalogueProduct(name, series, list_price)
