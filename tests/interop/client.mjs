// A certified client signs in at Loket's sandbox provider and at its backend:  node client.mjs ISSUER BACKEND PERSONA
// Prints what it saw as one line of JSON.
import * as client from 'openid-client'

const [issuer, backend, persona] = process.argv.slice(2)
const redirectUri = 'http://127.0.0.1:51234/signed-in'
const insecure = { execute: [client.allowInsecureRequests] } // loopback has no TLS
const config = await client.discovery(new URL(issuer), 'loket-app', undefined, client.None(), insecure)
const keys = await client.randomDPoPKeyPair('ES256', { extractable: true })
const DPoP = client.getDPoPHandle(config, keys)
const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

const pkceCodeVerifier = client.randomPKCECodeVerifier()
const expectedState = client.randomState()
const expectedNonce = client.randomNonce()
const address = await client.buildAuthorizationUrlWithPAR(
  config,
  {
    redirect_uri: redirectUri,
    scope: 'openid profile offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  },
  { DPoP },
)
const page = await (await fetch(address)).text()
const requestUri = page.match(/name="request_uri" value="([^"]+)"/)[1]
const chosen = await fetch(`${issuer}/authorize`, form({ request_uri: requestUri, persona }))
const back = new URL(chosen.headers.get('location'))

const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP })
const claims = tokens.claims()
const me = await client.fetchProtectedResource(
  config, tokens.access_token, new URL(`${backend}/v1/me`), 'GET', null, undefined, { DPoP },
)
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })
const again = await client.refreshTokenGrant(config, renewed.refresh_token, undefined, { DPoP })
await client.tokenRevocation(config, again.refresh_token)
let afterwards = 'still signed in'
try {
  await client.refreshTokenGrant(config, again.refresh_token, undefined, { DPoP })
} catch (error) {
  afterwards = error.error
}
const goodbye = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token })
process.stdout.write(`${JSON.stringify({
  pushed: [...address.searchParams.keys()].sort(),
  subject: claims.sub,
  name: claims.name,
  tokenType: tokens.token_type,
  me: (await me.json()).subject,
  rotated: new Set([tokens.refresh_token, renewed.refresh_token, again.refresh_token]).size,
  afterwards,
  goodbye: (await fetch(goodbye)).status,
})}\n`)
