package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A thing in a lineage.
///
/// @param id `sha256:…` for bytes, `run:…`, `version:NAME/NUMBER` for a registered model's version,
///   `logged:…` for a logged model, `data:NAME@DIGEST` for a data set whose bytes are not known, or
///   `source:…` for a place elsewhere
/// @param kind what it is: `file`, `run`, `data`, `version`, `logged model`, `model`, `source`
/// @param name for people
public record LineageItem(String id, String kind, String name) {
    public static LineageItem file(ContentId content, String name) {
        return new LineageItem(content.toString(), "file", name);
    }

    public static LineageItem model(ContentId manifest, String name) {
        return new LineageItem(manifest.toString(), "model", name);
    }

    public static LineageItem source(String place) {
        return new LineageItem("source:" + place, "source", place);
    }

    Map<String, @Nullable Object> json() {
        return HttpJson.object("id", id, "kind", kind, "name", name);
    }
}
