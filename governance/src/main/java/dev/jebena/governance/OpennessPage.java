package dev.jebena.governance;

import java.util.Locale;
import java.util.stream.Collectors;

/// An openness report to read: Markdown, or an HTML page.
public final class OpennessPage {
    private OpennessPage() {}

    public static String markdown(OpennessReport report) {
        StringBuilder text = new StringBuilder("# Openness of " + plain(report.name()) + "\n\n");
        text.append(
                report.level() == 0
                        ? "It reaches no class of the [%s](%s) %s.\n\n"
                                .formatted(
                                        OpennessReport.FRAMEWORK,
                                        OpennessReport.SOURCE,
                                        OpennessReport.VERSION)
                        : "It reaches class %d of the [%s](%s) %s.\n\n"
                                .formatted(
                                        report.level(),
                                        OpennessReport.FRAMEWORK,
                                        OpennessReport.SOURCE,
                                        OpennessReport.VERSION));
        text.append("| class | open | missing |\n|---|---|---|\n");
        for (OpennessReport.ClassState state : report.classes()) {
            text.append(
                    "| %d %s | %d of %d | %s |\n"
                            .formatted(
                                    state.level(),
                                    state.name(),
                                    state.open(),
                                    state.needed(),
                                    String.join(", ", state.missing())));
        }
        for (OpennessComponent.Area area : OpennessComponent.Area.values()) {
            String name = area.toString();
            text.append(
                    "\n## %s%s\n\n| component | status | licence | proof |\n|---|---|---|---|\n"
                            .formatted(
                                    name.substring(0, 1).toUpperCase(Locale.ROOT),
                                    name.substring(1)));
            for (OpennessPart part : report.parts()) {
                if (part.component().area() == area) {
                    text.append(row(part));
                }
            }
        }
        return text.toString();
    }

    private static String row(OpennessPart part) {
        String files =
                part.proof().stream()
                        .map(file -> "`" + plain(file).replace("`", "'") + "`")
                        .collect(Collectors.joining(", "));
        String note =
                part.note().isEmpty() ? "" : (files.isEmpty() ? "" : ": ") + plain(part.note());
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        part.component().title(),
                        part.status(),
                        plain(part.license()),
                        files + note);
    }

    /// Without what would be a mark of Markdown or a cell's end.
    private static String plain(String text) {
        return text.replaceAll("[\\r\\n|]", " ").replaceAll("([\\\\<>*\\[\\]])", "\\\\$1");
    }

    /// A whole page.
    public static String html(OpennessReport report) {
        String title =
                report.name().replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>Openness of %s</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        table { border-collapse: collapse; width: 100%% }
        td, th { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top }
        </style>
        </head>
        <body>
        %s</body>
        </html>
        """
                .formatted(title, CardPage.html(markdown(report)));
    }
}
