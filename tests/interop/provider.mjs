// A certified OpenID provider with everything on that Loket's client speaks: PAR, PKCE, DPoP with nonces, rotation,
// revocation, RP-initiated logout. Prints its issuer as one line; ends when its standard input ends.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider, errors } from 'oidc-provider'

const server = createServer()
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const issuer = `http://127.0.0.1:${server.address().port}`
const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
const jwk = { ...(await crypto.subtle.exportKey('jwk', privateKey)), alg: 'ES256', use: 'sig', kid: 'interop' }
delete jwk.key_ops
delete jwk.ext

const pushed = process.argv[2] !== 'without-par'
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'loket-app',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/signed-in'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
    },
  ],
  jwks: { keys: [jwk] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  claims: { openid: ['sub'], profile: ['name'] },
  conformIdTokenClaims: false,
  scopes: ['openid', 'profile', 'offline_access'],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Sari Contoh' }) }),
  rotateRefreshToken: true,
  pkce: { required: () => true },
  // So short that the client renews it before each use.
  ttl: { AccessToken: 20, Session: 600, Grant: 600, RefreshToken: 600, Interaction: 600, IdToken: 600 },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], dPoPSigningAlgValues: ['ES256'] },
  features: {
    devInteractions: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    pushedAuthorizationRequests: { enabled: pushed, requirePushedAuthorizationRequests: pushed },
    revocation: { enabled: true, allowedPolicy: () => true },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  },
})
provider.on('server_error', (_, error) => console.error(error))
for (const name of ['authorization.error', 'grant.error', 'pushed_authorization_request.error']) {
  provider.on(name, (_, error) => error instanceof errors.UseDpopNonce || console.error(name, error))
}
server.on('request', provider.callback())
process.stdout.write(`${issuer}\n`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
