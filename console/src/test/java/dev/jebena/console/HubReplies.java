package dev.jebena.console;

import dev.jebena.base.HttpJson;
import dev.jebena.governance.Card;
import dev.jebena.governance.CardCheck;
import dev.jebena.governance.CardFinding;
import dev.jebena.governance.CardKind;
import dev.jebena.governance.CardPage;
import dev.jebena.repositories.Finding;
import dev.jebena.repositories.RepoReport;
import dev.jebena.repositories.UploadCheck;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the assembled server tells of a repository, for the tests of the pages: the card for real,
/// the rest made up, with names that would be markup where somebody forgot to escape them.
final class HubReplies {
    static final String MARKUP = "<img src=x onerror=window.hacked=1>";

    private HubReplies() {}

    /// Finds something in pickles.
    static List<Finding> check(UploadCheck.Upload file) {
        return file.path().endsWith(".pkl")
                ? List.of(
                        new Finding(
                                "pickleImportScan",
                                Finding.Level.UNSAFE,
                                "imports os.system " + MARKUP,
                                Map.of()))
                : List.of(new Finding("avScan", Finding.Level.SAFE, "nothing found", Map.of()));
    }

    static Map<String, RepoReport> reports() {
        return Map.of(
                "card",
                files -> {
                    try (InputStream in = files.open("README.md")) {
                        Card card =
                                Card.of(
                                        new String(in.readAllBytes(), StandardCharsets.UTF_8),
                                        CardKind.MODEL);
                        return HttpJson.object(
                                "metadata",
                                card.data(),
                                "findings",
                                CardCheck.of(card).stream().map(CardFinding::json).toList(),
                                "tree",
                                CardPage.tree(card.body()));
                    }
                },
                "licence",
                files -> licence(files.name().id()),
                "openness",
                files -> openness(files.name().id()));
    }

    private static Map<String, @Nullable Object> terms(String id) {
        return HttpJson.object(
                "id",
                id,
                "name",
                id,
                "traits",
                List.of("attribution"),
                "open",
                true,
                "source",
                "javascript:window.hacked=1");
    }

    private static Object licence(String name) {
        Map<String, @Nullable Object> verdict =
                HttpJson.object(
                        "verdict",
                        "conflict",
                        "rule",
                        "no-commerce",
                        "reason",
                        "base " + MARKUP,
                        "source",
                        "javascript:window.hacked=1");
        return HttpJson.object(
                "license",
                "mit",
                "terms",
                terms("mit"),
                "evidence",
                List.of(
                        HttpJson.object(
                                "license",
                                "mit",
                                "how",
                                "card",
                                "path",
                                "README.md",
                                "line",
                                2,
                                "score",
                                1.0,
                                "note",
                                MARKUP)),
                "disagreements",
                List.of("the card says mit, LICENSE is GPL-3.0-only"),
                "graph",
                HttpJson.object(
                        "verdict",
                        "conflict",
                        "things",
                        List.of(
                                thing(name, "mit"),
                                thing(MARKUP, ""),
                                thing("a/base", "cc-by-4.0")),
                        "steps",
                        List.of(
                                step(MARKUP, name, "conflict", verdict),
                                step("a/base", name, "allowed", verdict))));
    }

    private static Object thing(String name, String licence) {
        return HttpJson.object(
                "name", name, "kind", "model", "license", terms(licence), "proof", "README.md");
    }

    private static Object step(String from, String to, String level, Object verdict) {
        return HttpJson.object(
                "from",
                from,
                "to",
                to,
                "relation",
                "finetune",
                "proof",
                "base_model of the card",
                "verdict",
                level,
                "verdicts",
                List.of(verdict));
    }

    private static Object openness(String name) {
        return HttpJson.object(
                "name",
                name,
                "framework",
                HttpJson.object(
                        "name",
                        "Model Openness Framework",
                        "version",
                        "1.0",
                        "source",
                        "https://arxiv.org/abs/2403.13784"),
                "class",
                3,
                "classes",
                List.of(
                        HttpJson.object(
                                "class",
                                3,
                                "name",
                                "Open Model",
                                "complete",
                                true,
                                "open",
                                4,
                                "needed",
                                4,
                                "missing",
                                List.of()),
                        HttpJson.object(
                                "class",
                                2,
                                "name",
                                "Open Tooling",
                                "complete",
                                false,
                                "open",
                                4,
                                "needed",
                                9,
                                "missing",
                                List.of("Training code"))),
                "components",
                List.of(
                        part("Model card", "documents", "open", "README.md"),
                        part("Training code", "code", "missing", MARKUP)));
    }

    private static Object part(String title, String area, String status, String proof) {
        return HttpJson.object(
                "component",
                title,
                "area",
                area,
                "class",
                3,
                "required",
                true,
                "status",
                status,
                "license",
                "mit",
                "proof",
                List.of(proof),
                "note",
                MARKUP);
    }
}
