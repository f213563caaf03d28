package dev.jebena.governance;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Chat templates in Jinja that try to get out of the sandbox: nothing that a conversation needs
/// reaches for Python's own attributes.
final class TemplateScan {
    private static final int LONGEST = 1 << 20;

    private record Trick(Pattern pattern, ScanLevel level, String what) {}

    private static final List<Trick> TRICKS =
            List.of(
                    unsafe(
                            "__(?:class|mro|bases?|subclasses|globals|builtins|init|import|getattribute|getattr|dict|code|reduce|reduce_ex|self|func|module|closure|loader|spec)__",
                            "reaches for Python's own attributes"),
                    unsafe(
                            "_TemplateReference|_AttributeReference",
                            "reaches for Jinja's own objects"),
                    unsafe(
                            "\\|\\s*attr\\s*\\(|\\|\\s*map\\s*\\(\\s*attribute\\s*=\\s*['\"]_",
                            "looks attributes up by computed names"),
                    unsafe(
                            "\\\\x5f|\\\\u005f|\\\\137|\\\\N\\{LOW LINE\\}",
                            "hides underscores in escapes"),
                    unsafe(
                            "\\b(?:os|subprocess|sys|shutil|socket|pty|builtins)\\s*\\.\\s*(?:popen|system|exec\\w*|spawn\\w*|run|call|check_output|Popen|environ|modules|connect)\\b",
                            "calls programs of the system"),
                    unsafe(
                            "\\b(?:popen|import_module|importlib|eval|exec|compile)\\s*\\(",
                            "runs code"),
                    unsafe(
                            "\\b(?:lipsum|cycler|joiner|namespace|self|request|get_flashed_messages|url_for)\\s*(?:\\.\\s*_|\\[\\s*['\"]_)",
                            "reaches for the inside of Jinja's functions"),
                    new Trick(
                            Pattern.compile("['\"]_{1,2}['\"]\\s*[~+*]|[~+]\\s*['\"]_{1,2}['\"]"),
                            ScanLevel.SUSPICIOUS,
                            "puts names with underscores together"),
                    new Trick(
                            Pattern.compile(
                                    "\\brange\\s*\\(\\s*(?:\\d+\\s*,\\s*)?\\d{7,}|\\*\\*\\s*\\d{5,}|['\"][^'\"]{0,20}['\"]\\s*\\*\\s*\\d{7,}"),
                            ScanLevel.SUSPICIOUS,
                            "computes without end"),
                    new Trick(
                            Pattern.compile("\\{%-?\\s*(?:include|import|from|extends)\\b"),
                            ScanLevel.SUSPICIOUS,
                            "reads other templates"));

    private TemplateScan() {}

    private static Trick unsafe(String regex, String what) {
        return new Trick(Pattern.compile(regex), ScanLevel.UNSAFE, what);
    }

    static void of(FileScan scan, String path, String template) {
        String text = template.length() > LONGEST ? template.substring(0, LONGEST) : template;
        for (Trick trick : TRICKS) {
            Matcher found = trick.pattern.matcher(text);
            if (found.find()) {
                long line = text.substring(0, found.start()).lines().count();
                scan.add(
                        new ScanFinding(
                                ScanKind.TEMPLATE,
                                trick.level,
                                path,
                                "line " + Math.max(1, line) + " of the template",
                                "the chat template " + trick.what + ": " + shown(found.group()),
                                "do not render it outside of a sandbox; replace the template"));
            }
        }
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() > 60 ? line.substring(0, 60) + "..." : line;
    }
}
