"""The product catalogue, and the other names by which sources call a product."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, Exact


class Product(Base):
    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    series: Mapped[str] = mapped_column(String(120), default="")
    list_price: Mapped[Decimal | None] = mapped_column(Exact)


class ProductAlias(Base):
    __tablename__ = "product_alias"

    alias: Mapped[str] = mapped_column(String(120), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))


def all_products() -> Sequence[Product]:
    return db.session.scalars(select(Product).order_by(Product.name)).all()


def product_aliases() -> dict[str, str]:
    """Alias -> the catalogue's name."""
    query = select(ProductAlias.alias, Product.name).join(
        Product, Product.id == ProductAlias.product_id
    )
    return {row.alias: row.name for row in db.session.execute(query)}
