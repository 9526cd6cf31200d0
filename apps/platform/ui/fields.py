"""Model fields for quantities, whole numbers in the database, and for addresses of the site."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.urls import get_script_prefix

from apps.platform.core.quantity import QUANTITIES, InexactQuantity, Quantity
from apps.platform.ui.form_fields import NumberField

Given_contra = TypeVar("Given_contra", contravariant=True)
Held_co = TypeVar("Held_co", covariant=True)

if TYPE_CHECKING:

    class ExactField(models.BigIntegerField[Given_contra, Held_co]):
        """What a model takes for a quantity and what it gives: the names are the stubs' own."""

        _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]  # not a whole number
        _pyi_private_get_type: Decimal  # type: ignore[assignment]  # not a whole number
        _pyi_lookup_exact_type: Decimal | int | str  # type: ignore[assignment]  # not a whole number
else:

    class ExactField(models.BigIntegerField):
        """The same at run time, where fields take no types."""

        def __class_getitem__(cls, _: object) -> type:
            """Return the field itself."""
            return cls


class QuantityField(ExactField[Given_contra, Held_co]):
    """A quantity kept as a whole number of its smallest step.

    In Python the value is an exact Decimal; a number with more decimals than the unit holds is
    refused, never rounded. Comparisons and sums work on the stored whole numbers.
    """

    def __init__(self, quantity: Quantity | str, *args: Any, **kwargs: Any) -> None:
        self.quantity = QUANTITIES[quantity] if isinstance(quantity, str) else quantity
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Name the unit by its code, so that migrations stay plain."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.quantity.code, *args], kwargs

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        """Return the exact value of the stored whole number."""
        return None if value is None else self.quantity.from_scaled(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        """Return an exact decimal; floats are refused."""
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError("A binary float cannot hold an exact quantity.")
        return Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        """Return the whole number to store; raises ValidationError for an inexact value."""
        number = self.to_python(value)
        if number is None:
            return None
        try:
            return self.quantity.to_scaled(number)
        except InexactQuantity as trouble:
            raise ValidationError(str(trouble)) from trouble

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Whole numbers pass as they are once prepared."""
        return value if prepared else self.get_prep_value(value)

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Return a decimal form field with the unit's places."""
        return NumberField(
            decimal_places=self.quantity.places, required=not self.blank, label=self.verbose_name
        )

    @property
    def validators(self) -> list[Any]:
        """The integer range check would compare unlike things; the column type guards instead."""
        return []


if TYPE_CHECKING:
    _Characters = models.CharField[Any, Any]
else:
    _Characters = models.CharField


class AddressField(_Characters):
    """An address of the site that a row leads to.

    Rows keep it as if the site were mounted at the root; in Python it is the whole address, so that
    what was kept before leads on after the site has moved below another prefix.
    """

    def from_db_value(self, value: Any, *_: Any) -> str | None:
        """Return the address as the site is mounted now."""
        return f"{get_script_prefix()}{value[1:]}" if value and value[0] == "/" else value

    def get_prep_value(self, value: Any) -> Any:
        """Return the address without what the site is mounted at."""
        text, root = super().get_prep_value(value), get_script_prefix()
        return f"/{text[len(root) :]}" if text and text.startswith(root) else text


def stored(path: str) -> models.ExpressionWrapper[models.F]:
    """Return the whole number a quantity is kept as, for frames that calculate with those."""
    return models.ExpressionWrapper(models.F(path), output_field=models.BigIntegerField())


def quantity_of(field: Any) -> Quantity | None:
    """Return the unit of a model field, or None where it has none."""
    return getattr(field, "quantity", None)
