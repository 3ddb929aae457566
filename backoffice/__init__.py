"""The back office: forms that become changes of the store, and publishing. Everything that knows HTTP lives here.

Rules of a participatory budget belong to `participation`, pages of the public site to `site_builder`.
"""
