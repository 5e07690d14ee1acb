"""Bring the product catalogue up to date, and the other names of products."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.errors import Invalid
from incentives.ingest.csv_reading import Table
from incentives.ingest.products import FIELDS, CatalogueProduct, read_products
from incentives.operations.import_file import columns_of
from incentives.operations.import_progress import (
    Progress,
    SoFar,
    Taken,
    report_of_rows,
    stored_in_chunks,
)
from incentives.operations.import_report import ImportReport, audit_report
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.store.audit import record
from incentives.store.base import trimmed
from incentives.store.products import Product, ProductAlias
from incentives.store.transaction import writing


def import_products(
    table: Table,
    *,
    columns: Mapping[str, str] | None = None,
    by: int | None,
    now: datetime,
    dry_run: bool = False,
    resume: SoFar | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Add new products and change known ones by name. Products that the file leaves out stay.

    Done again, or resumed, it changes nothing twice. Raises Invalid where the file as a whole
    cannot be used.
    """
    said = columns_of(table, FIELDS, columns)
    products, issues = read_products(table, said)

    def take(session: Session, chunk: Sequence[CatalogueProduct]) -> Taken:
        known = {product.name: product for product in session.scalars(select(Product))}
        return Taken([_bring_in(session, product, said, known, by, now) for product in chunk])

    so_far = stored_in_chunks(products, take, dry_run=dry_run, resume=resume, progress=progress)
    report = report_of_rows(table, so_far, issues, dry_run=dry_run)
    audit_report("products imported", "catalogue", report, by=by, now=now)
    return report


def _bring_in(
    session: Session,
    product: CatalogueProduct,
    said: Collection[str],
    known: Mapping[str, Product],
    by: int | None,
    now: datetime,
) -> str:
    stored = known.get(product.name)
    if stored is not None:
        # What has no column in the file stays as it is.
        product = replace(
            product,
            series=product.series if "series" in said else stored.series,
            list_price=product.list_price if "sales_price" in said else stored.list_price,
        )
    after = _readable(product.series, product.list_price)
    if stored is None:
        session.add(
            Product(name=product.name, series=product.series, list_price=product.list_price)
        )
        record(session, "product added", product.name, by=by, now=now, after=after)
        return CREATED
    before = _readable(stored.series, stored.list_price)
    if before == after:
        return UNCHANGED
    stored.series, stored.list_price = product.series, product.list_price
    record(session, "product changed", product.name, by=by, now=now, before=before, after=after)
    return CHANGED


def _readable(series: str, list_price: Decimal | None) -> dict[str, str | None]:
    price = None if list_price is None else format(trimmed(list_price), "f")
    return {"series": series, "list price": price}


def add_product_aliases(aliases: Mapping[str, str], *, by: int | None, now: datetime) -> None:
    """Remember other names of products. Raises Invalid for a product that is not there."""
    with writing() as session:
        products = {product.name: product for product in session.scalars(select(Product))}
        check_aliases(aliases, products)
        for alias, name in aliases.items():
            stored = session.get(ProductAlias, alias)
            if stored is not None and stored.product_id == products[name].id:
                continue
            session.merge(ProductAlias(alias=alias, product_id=products[name].id))
            record(session, "product alias set", alias, by=by, now=now, after=name)


def check_aliases(aliases: Mapping[str, str], products: Collection[str]) -> None:
    for alias, name in aliases.items():
        if name not in products:
            known = ", ".join(sorted(products, key=str.casefold)) or "none yet"
            message = f"{alias} cannot mean {name}: it is not in the catalogue ({known})."
            raise Invalid("unknown_product", message, fields={"aliases": [message]})
        if not alias or len(alias) > 120:
            message = "Write an alias of 1 to 120 characters."
            raise Invalid("alias", message, fields={"aliases": [message]})
