from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from backend.core.classes import classes
from backend.core.models import Base
from backend.territories.enums import Kind


class Territory(Base):
    """A country, a region of it, or a town; the place a person or an organisation belongs to."""

    # `code` is the source's own key: "IE", "IE.L" or "2962568". A second import finds its rows by it.
    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    country_code = models.CharField(max_length=2)
    geoname_id = models.IntegerField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=200)
    population = models.IntegerField(default=0)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)

    data_classes = classes(
        A="id public_id created_at code kind parent country_code geoname_id name population"
        " latitude longitude time_zone"
    )

    class Meta:
        ordering = ["country_code", "name", "id"]
        verbose_name_plural = "territories"
        indexes = [models.Index(fields=["country_code", "kind", "name"], name="territory_of_country")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.COUNTRY, parent=None)
                | (~Q(kind=Kind.COUNTRY) & Q(parent__isnull=False)),
                name="territory_has_a_parent_unless_a_country",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.MUNICIPALITY) | Q(latitude__isnull=False, longitude__isnull=False),
                name="territory_town_has_a_position",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TerritoryName(models.Model):
    """One way to write a town's name; `folded` is what a search compares (backend.core.text.fold)."""

    # No index of its own: the one of `territory_name_is_listed_once` begins with it.
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="names", db_index=False)
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)
    script = models.CharField(max_length=4)  # ISO 15924: Latn, Cyrl, Arab ...

    data_classes = classes(A="id territory name folded script")

    class Meta:
        ordering = ["territory", "folded", "id"]
        constraints = [
            models.UniqueConstraint(fields=["territory", "folded"], name="territory_name_is_listed_once"),
        ]
        indexes = [
            # Slips: shares of three-letter groups. Built on `folded`, so no database locale is involved.
            # No pending list (fastupdate): a search right after an import would read through all of it.
            GinIndex(
                OpClass("folded", name="gin_trgm_ops"), name="territory_name_trigrams", fastupdate=False
            ),
            # Exact names and beginnings (LIKE 'bray%'), in any collation.
            models.Index(OpClass("folded", name="varchar_pattern_ops"), name="territory_name_beginnings"),
        ]

    def __str__(self) -> str:
        return self.name
