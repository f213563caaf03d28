package dev.jebena.repositories;

import java.util.Locale;

/// What a token may do of what its account may do; each role includes those before it.
public enum TokenRole {
    /// See what the account sees.
    READ,
    /// Change repositories.
    WRITE,
    /// Manage accounts, organisations and tokens too.
    ADMIN;

    /// Reads `read`, `write` or `admin`; throws status 400 for other words.
    public static TokenRole of(String word) {
        for (TokenRole role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw HubError.bad("Invalid role: expected read, write or admin, got '" + word + "'");
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
