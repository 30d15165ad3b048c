import type { Grant } from './grant.js'
import { items, lines } from './text.js'

/** ASP.NET Core with minimal hosting (from .NET 6 on), which leaves `Vary` out if one origin is allowed. */
export function aspnet ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '// In Program.cs, in place of the line `var app = builder.Build();`. There is nothing to install.',
    'builder.Services.AddCors(options => options.AddDefaultPolicy(policy =>',
    '{',
    `    policy.WithOrigins(${items(origins, '"')});`,
    `    policy.WithMethods(${items(methods, '"')});`,
    allowedHeaders.length > 0 && `    policy.WithHeaders(${items(allowedHeaders, '"')});`,
    exposedHeaders.length > 0 && `    policy.WithExposedHeaders(${items(exposedHeaders, '"')});`,
    credentials && '    policy.AllowCredentials();',
    '}));',
    '',
    'var app = builder.Build();',
    '',
    'app.Use((context, next) =>',
    '{',
    '    context.Response.OnStarting(() =>',
    '    {',
    '        context.Response.Headers.Append("Vary", "Origin");',
    '        return Task.CompletedTask;',
    '    });',
    '    return next(context);',
    '});',
    '// Before UseAuthentication and UseAuthorization: a preflight carries no cookies.',
    'app.UseCors();'
  )
}
