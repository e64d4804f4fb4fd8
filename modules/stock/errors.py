"""What can go wrong with products and their stock."""

from __future__ import annotations

from kit.errors import Conflict, Invalid, NotFound


class UnknownProduct(NotFound):
    code, public = "unknown_product", "There is no such product."


class ProductUnfit(Invalid):
    code, public = "product_unfit", "Some of the product's values cannot be used."


class ProductSkuTaken(Conflict):
    code, public = "product_sku_taken", "Another product has this SKU, perhaps an archived one."


class ProductArchived(Conflict):
    code, public = "product_archived", "This product is archived. Restore it before its stock changes."


class OutOfStock(Conflict):
    code, public = "out_of_stock", "There is not that much in stock."


class MovementUnfit(Invalid):
    code, public = "movement_unfit", "This change of stock cannot be booked."
