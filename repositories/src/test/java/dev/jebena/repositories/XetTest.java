package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XetTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000);

    /// Written by lz4's own library: 40 times "abcdefgh", then 100 zeros; with a checksum of the
    /// content, and with the size and checksums of the blocks.
    private static final List<String> FRAMES =
            List.of(
                    "04224d186440a7180000008f61626364656667680800ff261f0001004b50"
                            + "0000000000000000001b34d62c",
                    "04224d187840a401000000000000f8180000008f61626364656667680800"
                            + "ff261f0001004b500000000000b8bc441300000000");

    /// When everything that is kept for a while is old.
    private static final long LATER = System.currentTimeMillis() + Duration.ofDays(60).toMillis();

    @TempDir Path folder;

    private static byte[] frame(byte[] block, boolean packed) {
        ByteBuffer frame = ByteBuffer.allocate(block.length + 15).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0x184D2204).put((byte) 0x60).put((byte) 0x40).put((byte) 0);
        frame.putInt(packed ? block.length : block.length | 1 << 31).put(block).putInt(0);
        return frame.array();
    }

    @Test
    void framesAreUnpacked() {
        // 4 literals "abcd", a copy of 12 from 4 back, then 5 literals.
        byte[] block = HexFormat.of().parseHex("48" + "61626364" + "0400" + "50" + "3132333435");
        assertThat(new String(Lz4Frame.decode(frame(block, true), 21), StandardCharsets.UTF_8))
                .isEqualTo("abcdabcdabcdabcd12345");
        assertThat(Lz4Frame.decode(frame(block, false), block.length)).isEqualTo(block);
    }

    @Test
    void framesOfTheOriginalLibraryAreUnpacked() {
        byte[] expected =
                Arrays.copyOf("abcdefgh".repeat(40).getBytes(StandardCharsets.UTF_8), 420);
        for (String frame : FRAMES) {
            assertThat(Lz4Frame.decode(HexFormat.of().parseHex(frame), 420)).isEqualTo(expected);
        }
    }

    @Test
    void damagedFramesAreRefusedAndNeverCrash() {
        byte[] block = HexFormat.of().parseHex("48616263640400503132333435");
        byte[] good = frame(block, true);
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length) + 1);
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                assertThat(Lz4Frame.decode(bad, 21).length).as("seed " + seed).isLessThan(22);
            } catch (HubError e) {
                assertThat(e.status()).isEqualTo(400);
            }
        }
    }

    @Test
    void damagedShardsAreRefusedAndNeverCrash() {
        byte[] good = shard("0".repeat(64), 2, 100, "2".repeat(64), "1".repeat(64));
        assertThat(XetShard.parse(good).files()).hasSize(1);
        long seed = 8;
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length) + 1);
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                assertThat(XetShard.parse(bad).files().size()).as("seed " + seed).isLessThan(9);
            } catch (HubError e) {
                assertThat(e.status()).isEqualTo(400);
            }
        }
    }

    /// A hash as it lies in a shard.
    private static byte[] binary(String hash) {
        ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            bytes.putLong(Long.parseUnsignedLong(hash.substring(16 * i, 16 * i + 16), 16));
        }
        return bytes.array();
    }

    private static byte[] shard(String xorb, int chunks, int bytes, String hash, String sha256) {
        ByteBuffer out = ByteBuffer.allocate(48 * 5).order(ByteOrder.LITTLE_ENDIAN);
        out.position(48);
        out.put(binary(hash)).putInt(1 << 30).putInt(1).putLong(0);
        out.put(binary(xorb)).putInt(0).putInt(bytes).putInt(0).putInt(chunks);
        out.put(binary(sha256)).putLong(0).putLong(0);
        out.put(binary("f".repeat(64)));
        return out.array();
    }

    private static void chunk(ByteArrayOutputStream xorb, byte[] stored, int kind, int size) {
        ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(stored.length << 8).putInt(size << 8 | kind);
        xorb.writeBytes(header.array());
        xorb.writeBytes(stored);
    }

    /// A file of two chunks, the second one packed, and the xorb that holds both.
    private record Example(byte[] file, byte[] xorb, String xorbHash, String fileHash) {
        static Example of(String first, String second) {
            byte[] one = first.getBytes(StandardCharsets.UTF_8);
            byte[] two = second.getBytes(StandardCharsets.UTF_8);
            byte[] grouped = new byte[two.length];
            int at = 0;
            for (int group = 0; group < 4; group++) {
                for (int i = group; i < two.length; i += 4) {
                    grouped[at++] = two[i];
                }
            }
            ByteArrayOutputStream xorb = new ByteArrayOutputStream();
            chunk(xorb, one, 0, one.length);
            chunk(xorb, frame(grouped, false), 2, two.length);
            List<XetHashes.Node> nodes =
                    List.of(
                            new XetHashes.Node(XetHashes.chunk(one), one.length),
                            new XetHashes.Node(XetHashes.chunk(two), two.length));
            return new Example(
                    (first + second).getBytes(StandardCharsets.UTF_8),
                    xorb.toByteArray(),
                    XetHashes.text(XetHashes.root(nodes)),
                    XetHashes.text(XetHashes.file(nodes)));
        }

        String sha256() {
            return ContentId.of(file).hex();
        }

        byte[] shard() {
            return XetTest.shard(xorbHash, 2, file.length, fileHash, sha256());
        }
    }

    private static String token(HubServer server, String repo, String action) {
        return (String)
                server.as(HubServer.TOKEN)
                        .get("/api/models/jebena/" + repo + "/xet-" + action + "-token/main")
                        .at("accessToken");
    }

    private static int putXorb(HubServer server, Example example) {
        String path = "/_xet/v1/xorbs/default/" + example.xorbHash();
        return server.send("POST", path, example.xorb()).status();
    }

    private static int putShard(HubServer server, byte[] shard) {
        return server.send("POST", "/_xet/v2/shards", shard).status();
    }

    private static void commit(HubServer server, String repo, String path, String sha256) {
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "large"));
        HubClient.line(lines, "lfsFile", Map.of("path", path, "oid", sha256));
        String address = "/api/models/jebena/" + repo + "/commit/main";
        assertThat(server.as(HubServer.TOKEN).lines(address, lines.toString()).status())
                .isEqualTo(200);
    }

    @Test
    void filesArePutTogetherFromChunks() {
        Example example = Example.of("plain ", "abcdefgh");
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            server.as(token(server, "m", "write"));
            assertThat(putShard(server, example.shard())).as("no xorb yet").isEqualTo(400);
            assertThat(putXorb(server, example)).isEqualTo(200);
            String xorb = example.xorbHash();
            String hash = example.fileHash();
            String sha = example.sha256();
            assertThat(putShard(server, shard(xorb, 2, 14, hash, "1".repeat(64))))
                    .as("another SHA-256 than the bytes have")
                    .isEqualTo(400);
            assertThat(putShard(server, shard(xorb, 2, 14, "2".repeat(64), sha)))
                    .as("another hash than the chunks have")
                    .isEqualTo(400);
            assertThat(putShard(server, shard(xorb, 3, 14, hash, sha)))
                    .as("a chunk that the xorb has not")
                    .isEqualTo(400);
            assertThat(putShard(server, shard(xorb, 2, 15, hash, sha)))
                    .as("another size than the chunks have")
                    .isEqualTo(400);
            assertThat(putShard(server, example.shard())).isEqualTo(200);
            commit(server, "m", "w", sha);
            assertThat(server.get("/jebena/m/resolve/main/w").bytes()).isEqualTo(example.file());
            assertThat(server.get("/jebena/m/resolve/main/w", "Range", "bytes=5-8").text())
                    .isEqualTo(" abc");
            assertThat(server.get("/jebena/m/resolve/main/w").header("X-Xet-Hash")).isEqualTo(hash);
        }
    }

    @Test
    void aXorbWithAnotherHashIsRefused() {
        Example example = Example.of("plain ", "abcdefgh");
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            server.as(token(server, "m", "write"));
            long seed = 9;
            Random random = new Random(seed);
            for (int i = 0; i < 100; i++) {
                byte[] bad = example.xorb().clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                String path = "/_xet/v1/xorbs/default/" + example.xorbHash();
                int status = server.send("POST", path, bad).status();
                // The frame's header has bits that say nothing of the content.
                assertThat(status).as("seed " + seed).isIn(400, 200);
            }
            assertThat(
                            server.send(
                                            "POST",
                                            "/_xet/v1/xorbs/default/" + "a".repeat(64),
                                            example.xorb())
                                    .status())
                    .isEqualTo(400);
            byte[] cut = Arrays.copyOf(example.xorb(), 20);
            assertThat(
                            server.send("POST", "/_xet/v1/xorbs/default/" + example.xorbHash(), cut)
                                    .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void aReconstructionNamesTheChunksOfARange() {
        Example example = Example.of("plain ", "abcdefgh");
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            server.as(token(server, "m", "write"));
            putXorb(server, example);
            putShard(server, example.shard());
            commit(server, "m", "w", example.sha256());
            String path = "/_xet/v1/reconstructions/" + example.fileHash();
            assertThat(server.get(path).status()).isEqualTo(401);
            String reader = token(server, "m", "read");
            server.as(reader);
            HubServer.Reply all = server.get(path);
            assertThat(all.at("offset_into_first_range")).isEqualTo(0L);
            assertThat(all.at("terms.0.unpacked_length")).isEqualTo(14L);
            assertThat(all.at("terms.0.range.end")).isEqualTo(2L);
            String fetch = "fetch_info." + example.xorbHash() + ".0.";
            HubServer.Reply second = server.get(path, "Range", "bytes=8-10");
            assertThat(second.at("offset_into_first_range")).isEqualTo(2L);
            assertThat(second.at("terms.0.range")).isEqualTo(Map.of("start", 1L, "end", 2L));
            assertThat(second.at(fetch + "url_range.start")).isEqualTo(14L);
            String url = (String) second.at(fetch + "url");
            server.as("");
            HubServer.Reply bytes =
                    server.get(url, "Range", "bytes=14-" + second.at(fetch + "url_range.end"));
            assertThat(bytes.bytes())
                    .isEqualTo(Arrays.copyOfRange(example.xorb(), 14, example.xorb().length));
            assertThat(server.get(url + "0").status()).isEqualTo(403);
            assertThat(server.get(url).status()).as("more than was asked for").isEqualTo(403);
            assertThat(server.get(url, "Range", "bytes=0-20").status()).isEqualTo(403);
            assertThat(
                            server.get(url.replace("first=14", "first=0"), "Range", "bytes=0-20")
                                    .status())
                    .isEqualTo(403);
            server.as(reader);
            assertThat(server.get(path, "Range", "bytes=14-").status()).isEqualTo(416);
            assertThat(server.get("/_xet/v1/reconstructions/" + "0".repeat(64)).status())
                    .isEqualTo(404);
            assertThat(putXorb(server, example)).as("a reader writes nothing").isEqualTo(401);
        }
    }

    @Test
    void chunksAreStoredOnceAndStayAsLongAsAFileNeedsThem() {
        Example example = Example.of("plain ", "abcdefgh");
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            server.create("n");
            server.as(token(server, "m", "write"));
            putXorb(server, example);
            putShard(server, example.shard());
            commit(server, "m", "w", example.sha256());
            // The client remembers the chunks and does not send them again.
            server.as(token(server, "n", "write"));
            assertThat(putShard(server, example.shard())).isEqualTo(200);
            commit(server, "n", "w", example.sha256());
            assertThat(server.repositories.blobs().contains(ContentId.of(example.file())))
                    .as("the file in one piece")
                    .isFalse();
            assertThat(server.repositories.blobs().contains(ContentId.of(example.xorb()))).isTrue();
            server.send(
                    "DELETE",
                    "/api/repos/delete",
                    "{\"name\":\"m\"}".getBytes(StandardCharsets.UTF_8));
            server.repositories.collect(LATER);
            assertThat(server.get("/jebena/n/resolve/main/w").bytes()).isEqualTo(example.file());
            server.send(
                    "DELETE",
                    "/api/repos/delete",
                    "{\"name\":\"n\"}".getBytes(StandardCharsets.UTF_8));
            server.repositories.collect(LATER);
            assertThat(server.repositories.blobs().contains(ContentId.of(example.xorb())))
                    .isFalse();
        }
    }

    @Test
    void chunksOfARepositoryThatTheCallerCannotReadAreNotKnown() {
        Example example = Example.of("secret", "chunks");
        try (HubServer server = new HubServer(folder)) {
            server.create("m", "private", true);
            server.as(token(server, "m", "write"));
            putXorb(server, example);
            putShard(server, example.shard());
            Accounts accounts = server.repositories.accounts();
            accounts.createUser("ada", false);
            String ada = accounts.createToken("ada", "t", TokenRole.WRITE);
            server.as(ada).create("own");
            server.as(
                    (String)
                            server.get("/api/models/ada/own/xet-write-token/main")
                                    .at("accessToken"));
            assertThat(putShard(server, example.shard())).isEqualTo(400);
            assertThat(putXorb(server, example)).isEqualTo(200);
            assertThat(putShard(server, example.shard())).isEqualTo(200);
        }
    }

    @Test
    void aTokenForOneRepositoryDoesNotWriteToAnother() {
        Example example = Example.of("plain ", "abcdefgh");
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            server.create("n");
            String token = token(server, "m", "write");
            server.as(token.replace("xet_1_", "xet_2_"));
            assertThat(putXorb(server, example)).isEqualTo(401);
            server.as("");
            assertThat(putXorb(server, example)).isEqualTo(401);
            server.as(HubServer.TOKEN);
            assertThat(putXorb(server, example)).isEqualTo(401);
            server.as(token);
            assertThat(putXorb(server, example)).isEqualTo(200);
        }
    }
}
