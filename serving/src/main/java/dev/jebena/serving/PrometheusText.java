package dev.jebena.serving;

/// Prometheus' text format, line by line.
final class PrometheusText {
    private final StringBuilder out = new StringBuilder();

    /// `name="value"` for each pair, escaped.
    static String labels(String... namesAndValues) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value =
                    namesAndValues[i + 1]
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n");
            out.append(i == 0 ? "" : ",")
                    .append(namesAndValues[i])
                    .append("=\"")
                    .append(value)
                    .append('"');
        }
        return out.toString();
    }

    /// Begins the samples of a name.
    ///
    /// @param kind `counter`, `gauge` or `histogram`
    void type(String name, String kind) {
        out.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
    }

    void sample(String name, String labels, String value) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(value).append('\n');
    }

    /// A name with one sample and no labels.
    void single(String name, String kind, long value) {
        type(name, kind);
        sample(name, "", Long.toString(value));
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
