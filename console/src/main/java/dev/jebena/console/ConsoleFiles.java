package dev.jebena.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jebena.base.ContentId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files of the pages, read once. Scripts and styles have the hash of all of them in their
/// address, so that a browser may keep them for ever and never mixes two versions.
///
/// @param version the hash
/// @param chat the chat page
/// @param pages the frame that all other pages share
record ConsoleFiles(String version, Item chat, Item pages, Map<String, Item> assets) {
    record Item(String type, byte[] content, String etag) {
        static Item of(String type, byte[] content) {
            return new Item(type, content, '"' + hash(content) + '"');
        }
    }

    /// @param root where the assets are served
    /// @param accounts whether people log in
    static ConsoleFiles load(String root, boolean accounts) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String name : read("assets.txt").lines().filter(l -> !l.isBlank()).toList()) {
            contents.put(name, bytes(name));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        contents.values().forEach(all::writeBytes);
        String version = hash(all.toByteArray());
        Map<String, Item> assets = new LinkedHashMap<>();
        contents.forEach((name, content) -> assets.put(name, Item.of(type(name), content)));
        String address = root + version + "/";
        return new ConsoleFiles(
                version,
                page("chat.html", address, accounts),
                page("pages.html", address, accounts),
                assets);
    }

    @Nullable Item asset(String name) {
        return assets.get(name);
    }

    /// The pages have their bar in common, and name their files without the version.
    private static Item page(String name, String address, boolean accounts) {
        String text =
                read(name)
                        .replace("{{bar}}", read("bar.html"))
                        .replace("{{assets}}/", address)
                        .replace("{{accounts}}", accounts ? " data-accounts" : "");
        return Item.of("text/html; charset=utf-8", text.getBytes(UTF_8));
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalStateException("no type is known for " + name);
        };
    }

    private static String hash(byte[] content) {
        return ContentId.of(content).hex().substring(0, 16);
    }

    private static String read(String name) {
        return new String(bytes(name), UTF_8);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the console's " + name + " is missing from its jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The names of the assets.
    List<String> names() {
        return List.copyOf(assets.keySet());
    }
}
