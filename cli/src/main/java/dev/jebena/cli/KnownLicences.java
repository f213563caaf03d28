package dev.jebena.cli;

import dev.jebena.governance.Card;
import dev.jebena.governance.CardKind;
import dev.jebena.governance.LicenseSearch;
import dev.jebena.governance.LicenseSource;
import dev.jebena.hub.StoredModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Licences of what something came from: those that the user tells, those of folders, those of
/// models of the store.
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
        return kind == CardKind.MODEL ? stored(name) : Optional.empty();
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
        if (models == null || !name.matches("[\\w.:/@-]+")) {
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
