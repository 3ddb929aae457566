// A real OpenID Connect provider on loopback, for tests: `node provider.mjs CLIENT_ID SECRET REDIRECT LOGOUT`.
// Prints its address; ends when its standard input does. Its own pages ask for a name: the name is the subject.
import http from "node:http";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import path from "node:path";

const themes = path.resolve(import.meta.dirname, "../../themes/package.json");
const { default: Provider } = await import(pathToFileURL(createRequire(themes).resolve("oidc-provider")));
const [clientId, secret, redirect, logout] = process.argv.slice(2);

const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: clientId,
      client_secret: secret,
      redirect_uris: [redirect],
      post_logout_redirect_uris: [logout],
      token_endpoint_auth_method: "client_secret_post",
      userinfo_signed_response_alg: "RS256",
    }],
    scopes: ["openid", "email", "given_name", "usual_name"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], given_name: ["given_name"], usual_name: ["usual_name"] },
    acrValues: ["simple", "double"],
    pkce: { required: () => true },
    features: { jwtUserinfo: { enabled: true }, rpInitiatedLogout: { enabled: true }, devInteractions: { enabled: true } },
    // The name decides what is known: `claire` is an agent of the town.
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@ville.example`, email_verified: true, given_name: id, usual_name: "Martin" }),
    }),
  });
  server.on("request", provider.callback());
  process.stdout.write(`${issuer}\n`);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
