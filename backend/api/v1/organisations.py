from django.db.models import QuerySet

from backend.api.v1.base import Area, Named, Shown
from backend.organisations.models import Organisation


class OrganisationShown(Shown):
    territory = Named()

    class Meta:
        model = Organisation
        fields = ["id", "name", "kind", "territory", "country", "language", "time_zone", "verified_at"]


class Organisations(Area):
    """Those in which you have a role."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationShown

    @property
    def things(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(self.actor).select_related("territory")
