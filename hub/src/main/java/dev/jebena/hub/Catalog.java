package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Short names and where the models behind them come from: the file `catalog.json` beside this
/// class, and over it `catalog.json` in the data folder.
public final class Catalog {
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_FILES = 10_000;

    private final Map<ModelName, CatalogEntry> entries = new LinkedHashMap<>();

    private Catalog() {}

    /// The built-in catalog and the user's. Throws BAD_FILE when the user's has mistakes.
    public static Catalog load(Path home) {
        Catalog catalog = new Catalog();
        try (InputStream in = Catalog.class.getResourceAsStream("catalog.json")) {
            if (in == null) {
                throw new Problem(Problem.Code.INTERNAL, "the built-in catalog is missing");
            }
            catalog.add(new String(in.readAllBytes(), StandardCharsets.UTF_8), "the catalog");
            Path own = home.resolve("catalog.json");
            if (Files.isRegularFile(own)) {
                if (Files.size(own) > MAX_BYTES) {
                    throw new Problem(Problem.Code.BAD_FILE, own + " is too large");
                }
                byte[] bytes = Files.readAllBytes(own);
                catalog.add(new String(bytes, StandardCharsets.UTF_8), own.toString());
            }
        } catch (IOException e) {
            throw Problem.storage("cannot read the catalog", e);
        }
        return catalog;
    }

    /// A catalog of this text alone.
    static Catalog of(String text) {
        Catalog catalog = new Catalog();
        catalog.add(text, "the catalog");
        return catalog;
    }

    /// The model of this name or alias.
    public Optional<CatalogEntry> find(ModelName name) {
        return Optional.ofNullable(entries.get(name));
    }

    /// All models, each once.
    public List<CatalogEntry> entries() {
        return entries.values().stream().distinct().toList();
    }

    private void add(String text, String where) {
        JsonObject root;
        try {
            root = JsonObject.of(Json.parse(text), where);
        } catch (JsonException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE, where + " is not JSON: " + e.getMessage(), null, e);
        }
        JsonObject models = root.object("models");
        for (String name : models.keys()) {
            CatalogEntry entry = entry(name, models.object(name));
            entry.names().forEach(n -> entries.put(n, entry));
        }
    }

    private static CatalogEntry entry(String name, JsonObject model) {
        List<ModelName> names = new ArrayList<>();
        try {
            names.add(ModelName.parse(name));
            model.strings("aliases").forEach(alias -> names.add(ModelName.parse(alias)));
        } catch (Problem e) {
            throw model.problem(e.summary());
        }
        JsonObject license = model.objectOrEmpty("license");
        List<CatalogEntry.Download> files = new ArrayList<>();
        for (JsonObject file : model.objects("files")) {
            if (files.size() == MAX_FILES) {
                throw model.problem("more than " + MAX_FILES + " files");
            }
            files.add(file(file));
        }
        List<CatalogEntry.Source> sources = new ArrayList<>();
        for (JsonObject source : model.objects("sources")) {
            sources.add(source(source));
        }
        if (files.isEmpty() || sources.isEmpty()) {
            throw model.problem("a model needs files and sources");
        }
        return new CatalogEntry(
                names,
                new ModelLicense(
                        license.string("id", ""),
                        license.string("name", ""),
                        license.string("url", "")),
                files,
                sources);
    }

    private static CatalogEntry.Download file(JsonObject file) {
        String name = file.string("name");
        if (!FileNames.isSafe(name)) {
            throw file.problem("unsafe file name '" + name + "'");
        }
        try {
            return new CatalogEntry.Download(
                    name,
                    file.integer("size", -1),
                    file.has("sha256") ? ContentId.parse(file.string("sha256")) : null);
        } catch (Problem e) {
            throw file.problem(e.summary());
        }
    }

    private static CatalogEntry.Source source(JsonObject source) {
        List<CatalogEntry.Kind> kinds = new ArrayList<>();
        for (CatalogEntry.Kind kind : CatalogEntry.Kind.values()) {
            if (source.has(kind.key())) {
                kinds.add(kind);
            }
        }
        if (kinds.size() != 1) {
            throw source.problem("a source has one of hub, python, npm, maven, file");
        }
        Map<String, List<String>> paths = new LinkedHashMap<>();
        JsonObject given = source.objectOrEmpty("paths");
        for (String name : given.keys()) {
            paths.put(name, given.strings(name));
        }
        List<Long> bytes = new ArrayList<>();
        if (source.get("bytes") instanceof List<?> list) {
            for (Object size : list) {
                bytes.add(size instanceof Long n ? n : -1L);
            }
        }
        return new CatalogEntry.Source(
                kinds.getFirst(),
                source.strings(kinds.getFirst().key()),
                source.string("folder", ""),
                paths,
                bytes);
    }
}
