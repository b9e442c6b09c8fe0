// Asks Java, for each certificate authority in a folder, whether it trusts a server. See questions.ts for the folder.
// keytool imports one certificate at a time, so one that Java cannot read does not harm the others.
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

public class AskJava {
  static Path folder;

  public static void main(String[] arguments) throws Exception {
    folder = Path.of(arguments[0]);
    System.out.println("version\tJava " + System.getProperty("java.version"));
    String pem = Files.readString(folder.resolve("key.pem")).replaceAll("-----.*-----|\\s", "");
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    try (var files = Files.list(folder)) {
      for (Path each : (Iterable<Path>) files.filter(file -> file.toString().endsWith(".bundle.pem")).sorted()::iterator) {
        String name = each.getFileName().toString().replace(".bundle.pem", "");
        System.out.println(name + "\t" + verdict(name, key) + "\ttrusted");
      }
    }
  }

  static String verdict(String name, PrivateKey key) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", read(name + ".ca.pem"));
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      KeyStore served = KeyStore.getInstance("PKCS12");
      served.load(null, null);
      served.setKeyEntry("leaf", key, new char[0], new Certificate[] {read(name + ".leaf.pem")});
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(served, new char[0]);
      SSLContext client = SSLContext.getInstance("TLS");
      client.init(null, trust.getTrustManagers(), null);
      SSLContext server = SSLContext.getInstance("TLS");
      server.init(keys.getKeyManagers(), null, null);
      handshake(client.createSSLEngine("server.test", 443), server.createSSLEngine());
      return "trusted";
    } catch (Exception error) {
      Throwable cause = error;
      while (cause.getCause() != null) cause = cause.getCause();
      return String.valueOf(cause).replaceAll("\\s+", " ");
    }
  }

  static Certificate read(String name) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(folder.resolve(name))));
  }

  /** Shakes hands in memory. */
  static void handshake(SSLEngine client, SSLEngine server) throws Exception {
    client.setUseClientMode(true);
    server.setUseClientMode(false);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    client.setSSLParameters(parameters);
    ByteBuffer toServer = ByteBuffer.allocate(65536), toClient = ByteBuffer.allocate(65536);
    client.beginHandshake();
    server.beginHandshake();
    while (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
  }

  static void step(SSLEngine side, ByteBuffer in, ByteBuffer out) throws Exception {
    ByteBuffer nothing = ByteBuffer.allocate(65536);
    switch (side.getHandshakeStatus()) {
      case NEED_WRAP -> side.wrap(ByteBuffer.allocate(0), out);
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        in.flip();
        side.unwrap(in, nothing);
        in.compact();
      }
      case NEED_TASK -> {
        for (Runnable task = side.getDelegatedTask(); task != null; task = side.getDelegatedTask()) task.run();
      }
      default -> {}
    }
  }
}
