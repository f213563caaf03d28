package dev.jebena.accounts;

/// Who makes a request, and what the way in allows.
///
/// @param most what may be done at most: a token may be for less than its user may do
/// @param session the digest of the session's secret; empty for other ways in
public record Caller(User user, Level most, String session) {
    /// Administrators with a token for less are none.
    public boolean admin() {
        return user.admin() && most == Level.MANAGE;
    }
}
