package dev.jebena.cli;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.governance.Card;
import dev.jebena.governance.CardCheck;
import dev.jebena.governance.CardFinding;
import dev.jebena.governance.CardKind;
import dev.jebena.governance.CardPage;
import dev.jebena.governance.LicenseGraph;
import dev.jebena.governance.LicenseSearch;
import dev.jebena.governance.LicenseSource;
import dev.jebena.governance.OpennessReport;
import dev.jebena.repositories.RepoFiles;
import dev.jebena.repositories.RepoKind;
import dev.jebena.repositories.RepoReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// What governance tells of a repository of the hub, for its page and for programs: the card, under
/// which licences it and what it came from come, how open it is. Other repositories of the hub are
/// asked as far as the caller may read them.
final class HubReports {
    private static final String CARD = "README.md";
    private static final int LONGEST_CARD = 1 << 20;

    /// Reports that are made at the same time: they read files and compare texts.
    private static final int MOST = 4;

    private HubReports() {}

    static Map<String, RepoReport> all() {
        Semaphore places = new Semaphore(MOST);
        return Map.of(
                "card",
                HubReports::card,
                "licence",
                limited(places, HubReports::licence),
                "openness",
                limited(places, HubReports::openness));
    }

    private static RepoReport limited(Semaphore places, RepoReport report) {
        return files -> {
            if (!places.tryAcquire()) {
                throw new HttpException(
                        429, "busy", "Other reports are being made; ask again in a moment");
            }
            try {
                return report.of(files);
            } finally {
                places.release();
            }
        };
    }

    private static CardKind kind(RepoKind kind) {
        return kind == RepoKind.DATASET ? CardKind.DATASET : CardKind.MODEL;
    }

    private static Optional<Card> read(RepoFiles files) throws IOException {
        if (!files.sizes().containsKey(CARD)) {
            return Optional.empty();
        }
        try (InputStream in = files.open(CARD)) {
            String text = new String(in.readNBytes(LONGEST_CARD), StandardCharsets.UTF_8);
            return Optional.of(Card.of(text, kind(files.name().kind())));
        }
    }

    /// Metadata, what is wrong with it, and the text as [CardPage#tree].
    private static @Nullable Object card(RepoFiles files) throws IOException {
        Optional<Card> card = read(files);
        return HttpJson.object(
                "commit",
                files.commit(),
                "metadata",
                card.map(Card::data).orElse(null),
                "findings",
                card.map(c -> CardCheck.of(c).stream().map(CardFinding::json).toList())
                        .orElse(List.of()),
                "tree",
                card.map(c -> CardPage.tree(c.body())).orElse(null));
    }

    private static Object licence(RepoFiles files) throws IOException {
        try (RepoFolder folder = RepoFolder.of(files)) {
            LicenseSearch search = LicenseSearch.of(folder.path());
            LicenseGraph graph =
                    LicenseGraph.of(
                            files.name().id(),
                            kind(files.name().kind()),
                            search.license(),
                            proof(search),
                            read(files),
                            List.of(),
                            source(files));
            return LicenceCommand.json(search.license(), search, graph);
        }
    }

    private static Object openness(RepoFiles files) throws IOException {
        try (RepoFolder folder = RepoFolder.of(files)) {
            return OpennessReport.of(folder.path(), files.name().id(), source(files)).json();
        }
    }

    private static String proof(LicenseSearch search) {
        return search.evidence().isEmpty() ? "" : search.evidence().getFirst().path();
    }

    private static LicenseSource source(RepoFiles files) {
        return (name, kind) -> known(files, name, kind);
    }

    private static Optional<LicenseSource.Known> known(
            RepoFiles files, String name, CardKind kind) {
        RepoKind wanted = kind == CardKind.DATASET ? RepoKind.DATASET : RepoKind.MODEL;
        Optional<RepoFiles> other = files.other(wanted, name);
        if (other.isEmpty()) {
            return Optional.empty();
        }
        try (RepoFiles found = other.get();
                RepoFolder folder = RepoFolder.of(found)) {
            LicenseSearch search = LicenseSearch.of(folder.path());
            String proof = search.evidence().isEmpty() ? "" : name + "/" + proof(search);
            return Optional.of(new LicenseSource.Known(search.license(), proof, read(found)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
