import { isWithin } from '../near.js'

/** Schemes that no page has: of addresses, of services, and of URLs without a host. */
export const OF_NO_PAGE = new Set((
  'ws wss ftp ftps sftp ssh git ldap ldaps mailto tel sms data javascript about blob view-source jdbc redis rediss postgres postgresql mysql mariadb mongodb ' +
  'mongodb+srv amqp amqps mqtt mqtts smtp smtps imap imaps smb nfs s3 gs tcp udp unix rtsp rtmp telnet irc urn'
).split(' '))

const WEB = ['https', 'http']

/** The schemes of the web that another one is a letter away from, the likelier first; none for those two themselves. */
export function schemesNear (scheme: string): string[] {
  return WEB.includes(scheme) ? [] : WEB.filter(web => isWithin(1, scheme, web))
}
