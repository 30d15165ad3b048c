import type { Grant } from './grant.js'
import { items, lines } from './text.js'

/** Spring Boot with servlets. The filter runs before Spring Security, which would refuse a preflight without a login. */
export function spring ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '// CorsConfig.java, a new file beside your application class: copy the `package` line of that one above this line.',
    '// There is nothing to install: CORS comes with spring-boot-starter-web.',
    'import java.util.List;',
    'import org.springframework.boot.web.servlet.FilterRegistrationBean;',
    'import org.springframework.context.annotation.Bean;',
    'import org.springframework.context.annotation.Configuration;',
    'import org.springframework.core.Ordered;',
    'import org.springframework.web.cors.CorsConfiguration;',
    'import org.springframework.web.cors.UrlBasedCorsConfigurationSource;',
    'import org.springframework.web.filter.CorsFilter;',
    '',
    '@Configuration',
    'public class CorsConfig {',
    '  @Bean',
    '  public FilterRegistrationBean<CorsFilter> corsFilter() {',
    '    CorsConfiguration cors = new CorsConfiguration();',
    `    cors.setAllowedOrigins(List.of(${items(origins, '"')}));`,
    `    cors.setAllowedMethods(List.of(${items(methods, '"')}));`,
    `    cors.setAllowedHeaders(List.of(${items(allowedHeaders, '"')}));`,
    exposedHeaders.length > 0 && `    cors.setExposedHeaders(List.of(${items(exposedHeaders, '"')}));`,
    credentials && '    cors.setAllowCredentials(true);',
    '    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();',
    '    source.registerCorsConfiguration("/**", cors);',
    '    FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(new CorsFilter(source));',
    '    // Before Spring Security: a preflight carries no cookies.',
    '    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);',
    '    return filter;',
    '  }',
    '}'
  )
}
