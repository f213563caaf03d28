package dev.jebena.governance;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tokens, passwords and private keys in text, by the table `secrets.tsv`: a word that must stand
/// in the line, the pattern, and how random (bits a character) the match has to be.
final class SecretScan {
    private static final int LONGEST_LINE = 1 << 15;
    private static final int OVERLAP = 400;
    private static final int MOST = 100;

    private static final Pattern PLACEHOLDER =
            Pattern.compile(
                    "(?i)^pass(?:word|wd)?$|example|x{4,}|your|placeholder|dummy|changeme|1234567|abcdefg|\\.\\.\\.|<[a-z_ -]+>|\\$\\{|\\{\\{");

    /// @param hint in lower case
    private record Secret(
            String hint, Pattern pattern, double entropy, ScanLevel level, String what) {}

    private static final List<Secret> SECRETS =
            Tables.read("secrets.tsv", 5).stream()
                    .map(cells ->
                            new Secret(
                                    cells[0],
                                    Pattern.compile(cells[1]),
                                    Double.parseDouble(cells[2]),
                                    ScanLevel.valueOf(cells[3].toUpperCase(Locale.ROOT)),
                                    cells[4]))
                    .toList();

    private final FileScan scan;
    private final String path;
    private final boolean guess;
    private final Set<String> told = new HashSet<>();
    private long line = 1;

    private SecretScan(FileScan scan, String path, boolean guess) {
        this.scan = scan;
        this.path = path;
        this.guess = guess;
    }

    /// @param guess whether what only looks random is reported too
    static void of(FileScan scan, String path, InputStream in, boolean guess) throws IOException {
        new SecretScan(scan, path, guess).read(scan.budget().timed(in));
    }

    private void read(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] chunk = new byte[1 << 16];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            // Bytes as characters: everything looked for is ASCII.
            for (int i = 0; i < count; i++) {
                if (chunk[i] == '\n') {
                    search(text);
                    text.setLength(0);
                    line++;
                } else {
                    text.append((char) (chunk[i] & 0xff));
                    if (text.length() >= LONGEST_LINE) {
                        search(text);
                        text.delete(0, text.length() - OVERLAP);
                    }
                }
            }
        }
        search(text);
    }

    private void search(StringBuilder characters) {
        if (characters.length() < 12 || told.size() >= MOST) {
            return;
        }
        String text = characters.toString();
        String lower = text.toLowerCase(Locale.ROOT);
        for (Secret secret : SECRETS) {
            if (lower.contains(secret.hint) && (guess || secret.level == ScanLevel.UNSAFE)) {
                Matcher found = secret.pattern.matcher(text);
                while (found.find()) {
                    check(secret, found);
                }
            }
        }
    }

    private void check(Secret secret, Matcher found) {
        String value = found.groupCount() > 0 ? found.group(1) : found.group();
        if (entropy(value) < secret.entropy
                || PLACEHOLDER.matcher(value).find()
                || !told.add(value)
                || told.size() > MOST) {
            return;
        }
        scan.add(
                new ScanFinding(
                        ScanKind.SECRET,
                        secret.level,
                        path,
                        "line " + line,
                        secret.what + ": " + shortened(value),
                        "revoke it where it was issued, then remove it from the file and its history"));
    }

    /// Enough to find it again, too little to use it.
    private static String shortened(String value) {
        String shown = value.replaceAll("[^\\x20-\\x7e]", "?");
        return shown.startsWith("-----")
                ? shown
                : shown.substring(0, Math.min(4, shown.length() / 3))
                        + "... (%d characters)".formatted(value.length());
    }

    /// Shannon's, in bits a character.
    static double entropy(String text) {
        int[] counts = new int[256];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 0xff]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }
}
