"""Hidden moves of a function of SCF and of its versions: what the service does by itself, and when nobody asked."""

from statemodel.model.graph import environment, service

created = service("create succeeded")
create_failed = service("create failed", "The function information had been generated.")
left_no_trace = service("create left no trace", "Creation failed before any information was generated.")
updated = service("update succeeded")
update_failed = service("update failed")
published = service("publish succeeded")
publish_failed = service("publish failed")
publish_abandoned = service("publish abandoned", "Nothing is being published any more: the version was deleted, or "
                            "others had ended.")
half_deleted = service("delete half done", "$LATEST is gone, the function is not yet.")
deleted = service("delete succeeded")
delete_failed = service("delete failed")
vanished = environment("failed creation vanished", "Reported once; see policy ghost_delete.")

