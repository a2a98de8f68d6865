from django import forms


class MessageForm(forms.Form):
    """What a page sends; the action decides about the text itself."""

    client_id = forms.UUIDField()
    body = forms.CharField(strip=False, required=False)


class ReadForm(forms.Form):
    up_to = forms.IntegerField(min_value=0, max_value=2_147_483_647)


class AfterForm(forms.Form):
    """Where a list of messages goes on."""

    after = forms.IntegerField(min_value=0, max_value=2_147_483_647, required=False)
    before = forms.IntegerField(min_value=1, max_value=2_147_483_647, required=False)
