package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.governance.Card;
import dev.jebena.governance.CardKind;
import dev.jebena.governance.LicenseSearch;
import dev.jebena.governance.LicenseSource;
import dev.jebena.hub.HubSettings;
import dev.jebena.hub.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Licences of what something came from: those that the user tells, those of folders, those of the
/// cache of the hub's clients, those of models of the store.
///
/// @param told a licence or a folder by name
record KnownLicences(@Nullable Models models, Map<String, String> told) implements LicenseSource {
    @Override
    public Optional<Known> find(String name, CardKind kind) {
        String value = told.get(name);
        if (value != null) {
            Path folder = Path.of(value);
            return Optional.of(
                    Files.exists(folder)
                            ? ofFolder(folder, kind)
                            : new Known(value, "--known", Optional.empty()));
        }
        Path here = Path.of(name);
        if (Files.isDirectory(here)) {
            return Optional.of(ofFolder(here, kind));
        }
        Optional<Known> cached = cached(name, kind);
        return cached.isPresent() || kind == CardKind.DATASET ? cached : stored(name);
    }

    /// From the cache that the hub's clients share.
    private static Optional<Known> cached(String name, CardKind kind) {
        if (!name.matches("[\\w.-]+(/[\\w.-]+)?")) {
            return Optional.empty();
        }
        Path folder =
                HubSettings.of(System.getenv())
                        .cache()
                        .resolve(kind + "s--" + name.replace("/", "--"));
        Path main = folder.resolve("refs/main");
        try {
            if (Files.isRegularFile(main)) {
                Path snapshot = folder.resolve("snapshots").resolve(Files.readString(main).strip());
                if (Files.isDirectory(snapshot)) {
                    return Optional.of(ofFolder(snapshot, kind));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw Problem.storage("cannot read " + main, e);
        }
    }

    private static Known ofFolder(Path folder, CardKind kind) {
        LicenseSearch search = LicenseSearch.of(folder);
        Path card = folder.resolve("README.md");
        return new Known(
                search.license(),
                search.evidence().isEmpty()
                        ? ""
                        : folder.resolve(search.evidence().getFirst().path()).toString(),
                Files.isRegularFile(card) ? Optional.of(Card.load(card, kind)) : Optional.empty());
    }

    private Optional<Known> stored(String name) {
        if (models == null || !name.matches("\\w[\\w.:/@-]*")) {
            return Optional.empty();
        }
        Optional<StoredModel> model = models.hub().store().find(name);
        return model.map(stored -> {
            LicenseSearch search =
                    LicenseSearch.ofTexts("the manifest of " + name, stored.licenses());
            return new Known(search.license(), "the manifest of " + name, Optional.empty());
        });
    }
}
