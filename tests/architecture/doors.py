"""The import contract of doors: another app is entered only through its doors."""

from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Refuse an import from one app into a room of another that is no door."""

    container = fields.StringField()
    doors = fields.ListField(subfield=fields.StringField())
    open_houses = fields.ListField(subfield=fields.StringField())
    shared_models = fields.ListField(subfield=fields.StringField())

    def check(self, graph, verbose):
        prefix = f"{self.container}."
        broken = []
        modules = [m for m in graph.modules if m.startswith(prefix)]
        for importer in modules:
            for imported in graph.find_modules_directly_imported_by(importer):
                if imported.startswith(prefix) and not self._open(importer, imported):
                    broken.append((importer, imported))
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def _open(self, importer, imported):
        source, target = importer.split("."), imported.split(".")
        if len(target) < 4 or source[:3] == target[:3]:
            return True
        house, room = target[2], target[3]
        if house in self.open_houses:
            return True
        return room in self.doors or (room == "models" and house in self.shared_models)

    def render_broken_contract(self, check):
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} enters {imported}, which is no door")
