"""Keep uploaded bytes uncompressed: trying to compress them cost most of receiving a large file."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("uploads", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "alter table uploads_uploadcontent alter column content set storage external",
            "alter table uploads_uploadcontent alter column content set storage extended",
        )
    ]
