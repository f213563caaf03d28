package dev.jebena.accounts;

import dev.jebena.base.Problem;

/// What somebody may do with something; each level includes those before it. The words are
/// MLflow's.
public enum Level {
    NO_PERMISSIONS,
    READ,
    USE,
    EDIT,
    MANAGE;

    /// Throws BAD_REQUEST for other words.
    public static Level of(String word) {
        for (Level level : values()) {
            if (level.name().equals(word)) {
                return level;
            }
        }
        throw Problem.badRequest(
                "Invalid permission '"
                        + word
                        + "'. Valid permissions are: ('READ', 'USE', 'EDIT', 'MANAGE',"
                        + " 'NO_PERMISSIONS')");
    }

    boolean covers(Level other) {
        return compareTo(other) >= 0;
    }
}
