package dev.jebena.tracking;

/// Which of the active and the deleted things a search looks at.
enum ViewType {
    ACTIVE_ONLY("active"),
    DELETED_ONLY("deleted"),
    ALL("");

    private final String lifecycle;

    ViewType(String lifecycle) {
        this.lifecycle = lifecycle;
    }

    static ViewType of(String name) {
        return switch (name) {
            case "", "ACTIVE_ONLY", "1" -> ACTIVE_ONLY;
            case "DELETED_ONLY", "2" -> DELETED_ONLY;
            case "ALL", "3" -> ALL;
            default ->
                    throw MlflowError.invalid(
                            "Invalid value "
                                    + name
                                    + " for view type. Expected ACTIVE_ONLY, DELETED_ONLY or ALL");
        };
    }

    /// A condition on a column, without values.
    String condition(String column) {
        return this == ALL
                ? column + " IN ('active', 'deleted')"
                : column + " = '" + lifecycle + "'";
    }
}
