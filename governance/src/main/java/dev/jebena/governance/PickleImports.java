package dev.jebena.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The table of names that pickles import: `pickle-imports.tsv` with module, names, safety and
/// reason. The classes are those of picklescan, the scanner that the hub runs; where both know a
/// name, they agree.
final class PickleImports {
    /// @param names `*` for all
    private record Row(String module, Set<String> names, ImportSafety safety, String reason) {
        boolean all() {
            return names.contains("*");
        }
    }

    private static final List<Row> ROWS = read();

    private PickleImports() {}

    static PickleImport judge(String module, String name) {
        if (module.contains("unknown") || name.contains("unknown")) {
            return new PickleImport(
                    module, name, ImportSafety.DANGEROUS, "a name that only running it would tell");
        }
        // Since protocol 4 a name may lead on from attribute to attribute.
        if (name.matches(".*\\b__\\w+__\\b.*") && name.contains(".")) {
            return new PickleImport(
                    module, name, ImportSafety.DANGEROUS, "reaches for Python's own attributes");
        }
        PickleImport best = null;
        for (Row row : ROWS) {
            boolean exact = row.module.equals(module);
            boolean below = row.all() && module.startsWith(row.module + ".");
            String first = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
            boolean named =
                    row.all()
                            || row.names.contains(name)
                            || (row.safety == ImportSafety.DANGEROUS && row.names.contains(first));
            if ((exact || below)
                    && named
                    && (best == null || row.safety.compareTo(best.safety()) > 0)) {
                best = new PickleImport(module, name, row.safety, row.reason);
            }
        }
        return best != null ? best : new PickleImport(module, name, ImportSafety.SUSPICIOUS, "");
    }

    private static List<Row> read() {
        List<Row> rows = new ArrayList<>();
        for (String[] cells : Tables.read("pickle-imports.tsv", 4)) {
            rows.add(
                    new Row(
                            cells[0],
                            Set.of(cells[1].split(",")),
                            ImportSafety.valueOf(cells[2].toUpperCase(java.util.Locale.ROOT)),
                            cells[3]));
        }
        return List.copyOf(rows);
    }
}
